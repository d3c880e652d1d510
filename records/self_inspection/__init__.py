"""자체점검 (Guideline art. 48): once a year the office inspects itself, reports to the PIPC, tells the public.

`items` says what is looked at and what the system knows of it, `inspecting` are the acts, `calendar` says for which year and
until when.
"""

"""내부 관리계획 (Safety Standard art. 4): how the office keeps personal data safe, in versions, checked each year.

`contents` says what it is made of and what the system itself knows of each, `writing` are the acts from draft to approval,
`checking` the yearly check, `due` who has to act, `rules` the duty.
"""

"""열람등 청구 (ordinance art. 22, PIPA art. 35-36, Guideline art. 44).

The promise: every request is received, and answered in time with the footage still there. So a request is received and
its footage is held in one transaction, and the hold ends only after the last way to object.
"""

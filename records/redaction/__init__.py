"""가림 처리 within a matter: third persons are hidden before anything is shown or leaves (Guideline art. 46). docs/redaction.md.

An officer proposes a camera's range; a worker finds persons and vehicles; the officer decides what stays visible
(`recipes`) and has the covered copy made (`working`); another officer looks it through and checks it, or sends it back
(`steps`). Only what was checked may leave: `releasing.releasable`.
"""

"""연간 문서: papers that law asks for once a year, beside the self-inspection (`records.self_inspection`).

`prepared` says what the records tell of a year, `papers` are the acts: finish, send. From 1 January on they stand among what
is to do (`due`).
"""

"""Of when the rows of a table are, in the words of the index."""

NOW = "묶음을 만든 때의 상태"
IN_SPAN = "이 기간에 일어난 것"
TOUCHED = "이 기간에 하루라도 걸친 것"

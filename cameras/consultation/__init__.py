"""의견수렴 (ordinance art. 8, Decree art. 23, Procedures Act art. 46-47), from the draft to the published result.

`period` and `phase` say how long and whether it runs, `drafting` and `publishing` make the notice, `opinions` takes
what people say, `moderation` and `answers` deal with it, `survey` counts, `result` closes the matter, `people` reads
and erases who said it.
"""

"""Hiding the people in a clip: three pure stages, NumPy in and out, with detectors that are handed in.

    detect   which regions of a picture show a face, a head or something that moves
    track    regions of many pictures become tracks without a hole; what was lost is said, never dropped
    cover    the pixels of a region are overwritten, not blurred

`clip` reads and `render` writes H.264/MP4; `recipe` says what was covered, so that the same bytes can be made again;
`stages` puts them together in three readings of the file; `process` is the program that strangers' files are opened in,
and `run` starts it. Nothing here but `run` knows Django, and no model comes from the network (docs/redaction.md).
"""

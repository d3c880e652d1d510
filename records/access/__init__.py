"""The one door to footage (ordinance art. 23; Safety Standard art. 6, 8). docs/playback.md.

Nobody sees a frame but through here. Who wants to look says for which matter, at which step, which cameras and range, and
why (`asking`). Every registered gate is asked (`gates`); each that refuses says why and what to do. Then the line in the
ledger and the grant are committed together (`looks.open_looks`), and only a live grant of that officer and that session
gives bytes (`reading`): it is asked anew for every part, so a case that is closed meanwhile ends what is being watched.
What was really read is a second line, also where the browser just disappears (`looks.close_left`).
"""

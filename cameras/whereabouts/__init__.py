"""Where somebody was, out of the words that they type, and which cameras stand nearest.

No geocoder is asked: no word that a citizen types leaves the host. All that is known of places comes from the register
(addresses and positions of the cameras) and from the place names that officials keep. The rule above all others is
**never a wrong place**: what is not certain is offered as a choice, what was estimated is said to be an estimate, and
each answer says how the words were understood.

`words` takes typed text apart, `sounds` compares names (jamo, Latin letters), `bearings` measures, `gazetteer` holds
what is known, `finding` answers. All of these are pure; `register` reads the database.
"""

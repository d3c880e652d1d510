"""공문: kinds of letters with their words, and the register of what was sent."""

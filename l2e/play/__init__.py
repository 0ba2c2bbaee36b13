"""A local page on which trained networks answer what one types, character by character, with their probabilities.

errors.py       what goes wrong
answers.py      what one network answers, and how likely it held each character
playground.py   a task and the networks trained on it: asks them, draws samples
app.py          the page and what its script asks for
serving.py      answers this machine's browsers until it is interrupted
"""

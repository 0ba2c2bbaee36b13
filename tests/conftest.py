"""How hypothesis works here: no deadline, as the machine may be busy with other tests."""

from hypothesis import settings

settings.register_profile("l2e", deadline=None, max_examples=50)
settings.load_profile("l2e")

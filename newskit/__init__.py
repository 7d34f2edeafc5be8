"""newskit: who is in the news, how each actor is portrayed and by whom, and how a debate is framed.

>>> import newskit as nk
>>> corpus = nk.annotate(nk.read_article("data/raw/trump-putin-budapest.txt"))  # doctest: +SKIP
>>> nk.plot_actor_frequency(nk.actor_frequency(corpus))  # doctest: +SKIP

Nothing heavy is imported before it is needed; the names are in `__init__.pyi`.
"""

import lazy_loader

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

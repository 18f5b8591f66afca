"""Generated ratings: each user and each film has four hidden traits, and a rating is how well they fit."""

from __future__ import annotations

from paragone.task.data.lazy import np
from paragone.task.data.standalone import standalone


def load_data() -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
    """Numbers of users and films, and ratings around 0; the last fifth of the pairs is for testing."""
    n_users, n_films, n_traits = 120, 80, 4
    random = np.random.default_rng(0)
    tastes = random.standard_normal((n_users, n_traits))
    films = random.standard_normal((n_films, n_traits))
    pairs = random.permutation(n_users * n_films)[:6000]
    user, film = (part.astype(np.int32) for part in np.divmod(pairs, n_films))
    fit = (tastes[user] * films[film]).sum(1) / np.sqrt(n_traits)
    rating = (fit + random.normal(0.0, 0.1, len(pairs)))[:, None].astype(np.float32)
    return (user[:4800], film[:4800], rating[:4800]), (user[4800:], film[4800:], rating[4800:])


SOURCE = standalone(
    "ratings", "6000 ratings of 80 films by 120 users, generated from hidden traits", load_data, n_inputs=2
)

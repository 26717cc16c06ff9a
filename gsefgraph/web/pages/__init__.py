"""One module a kind of page: it gathers what its template shows, in one dataclass."""

"""The sections of the page: each takes the record and gives what its template shows."""

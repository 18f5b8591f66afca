"""The certificate of a proof: what it rests on, byte by byte, and how it is checked again."""

"""Links by which families send their own pictures, as the practice keeps them, under /links/."""

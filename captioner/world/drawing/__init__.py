"""How each kind looks. One registry per sort of thing: a kind's name leads to the function that draws it."""

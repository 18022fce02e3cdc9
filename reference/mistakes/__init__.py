"""Known mistakes: for every function of the answer key, what students get wrong, and what to tell them."""

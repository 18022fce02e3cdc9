"""The patterns, as facts without words: one class per kind. pattern_words.py has a sentence for each.

parts     what the kinds are made of: an axis, a quantity of the problem, and the pattern they all are
rules     one rule makes every answer from the right one: a factor, a function, another array, a cut
axes      along the axes: right numbers at wrong places, sums and means, slices
places    right in part: the places of an output that are wrong, and the inputs
"""

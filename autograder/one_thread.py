"""The environment that keeps numerical libraries to one thread; set before NumPy is imported.

One thread gives the same sums in the same order everywhere, and on half a CPU it is faster, too.
"""

_VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
ONE_THREAD = dict.fromkeys(_VARIABLES, "1")

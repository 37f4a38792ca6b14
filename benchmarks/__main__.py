"""`make bench`, or `python -m benchmarks`: the table of times."""

from benchmarks.bench import main

if __name__ == "__main__":
    main()

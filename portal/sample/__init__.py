"""The sample district of `make run`: made up, the same each time, in the size of the real one.

It goes through the same doors as real data: accounts, the import of the standard dataset, the registration of
a storage, holds. Nothing here is used outside `seed_district`.
"""

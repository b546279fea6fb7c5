"""The version of the package, for those who cannot wait for its metadata to be read."""

__version__ = "0.1.0"

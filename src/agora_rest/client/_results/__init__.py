"""The result of each operation: one description of its response for all known response formats, in a module per group.

*Documented* is the dialect of the documents: responses in an envelope, `project` as a list of one, a status as a
string. *Observed* is the dialect of known servers: bare responses, `project` as an object, files as an array, IDs as
strings. The descriptions accept both, with the same result.

A member is required only if the result is useless without it and the request does not contain it: the ID of a new
rule, the `sid` of a start. Everything else may be absent or null, so a successful call never fails because its response
omits a member. Members that a description does not name are kept in `extra`.

The generated models are not used, because they accept wrong scalars, raise a `KeyError` without a path, and do not
parse responses with an undocumented status.
"""

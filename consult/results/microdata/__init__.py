"""Files of single records, for data stewards: what may go out, how great the risk is, and the formats.

From the column store to the file in constant memory: segments are read in blocks of codes, dealt out at random to
buckets on the disk, and each bucket is shuffled when it is read. What an answer counts as follows from the answer maps,
as in releases. No record has a key, a day of its own or an order; texts are never joined to records.
"""

"""Where raw bytes come from: finding what a feed delivers, and handing it in unread.

In: a folder into which feeds deliver. Out: (feed, file) pairs in a fixed order.

Always: a source knows file names and nothing of what is in them.

Not decided here: what the bytes mean, and whether they are taken.
"""

from truce.sources.folders import FEED_FILES, FeedFile, files_of

__all__ = ["FEED_FILES", "FeedFile", "files_of"]

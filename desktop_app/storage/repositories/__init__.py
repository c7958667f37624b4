"""One repository per subject: queries and statements of one running transaction; values of the domain go in and out."""

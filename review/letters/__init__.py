"""The official letter as a document: wording, page, signature and check, without any database."""

"""The only importer of `cryptography` (and of PKCS#11): sealing, the keyring, signing, pseudonyms, random ids."""

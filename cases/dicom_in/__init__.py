"""DICOM by the network, in: a listener for the storage service (PS3.4 annex B) that takes bytes and decodes nothing."""

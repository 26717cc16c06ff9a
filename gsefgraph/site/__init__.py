"""The pages as a folder of files, behind which no server is."""

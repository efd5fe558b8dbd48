"""What is asked for, in fields and in words; drawn by the dialogs."""

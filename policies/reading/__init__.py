"""How hostile text is read: values, calls and places, by linear scanners that evaluate nothing."""

"""The decisions of the desk: values in, values out."""

"""A model in processes elsewhere, one for each GPU, and the driver's end of the line to them."""

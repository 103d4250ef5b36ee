"""What Keras has, as data that the installed Keras wrote."""

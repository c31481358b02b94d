"""NimbusCart, the data mesh on which meshdr is shown and tested.

`mesh` and its neighbours describe it as data, `seed` builds it with boto3 through the
public AWS API, and `check` reads a region back and compares it with the description.
Nothing here uses meshdr: that is what makes the check worth having.
"""

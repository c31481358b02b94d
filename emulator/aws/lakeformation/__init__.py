"""Lake Formation: settings, locations, LF-Tags, data cells filters, permissions, opt-ins.

moto's own is not used. What is documented where: the Lake Formation developer guide (implicit
permissions, default settings, LF-Tags, cross-account sharing) and the API reference.
"""

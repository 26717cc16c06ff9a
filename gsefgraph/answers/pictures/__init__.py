"""Pictures as data: what is drawn, where, and with which words; and each as one file of SVG.

A page sets the words in HTML and the marks in SVG by the numbers that stand here, so that both come
from one layout. The same input gives the same picture: nothing here looks at a clock or at chance.
"""

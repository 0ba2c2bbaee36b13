"""What lectures show and no benchmark needs: networks with weights set by hand, and back-propagation written out.

The networks answer the tasks parity, total and larger exactly, and are registered as predictors. Back-propagation
through time, in numpy, gives the gradients that the learners' are compared with. Nothing here is trained.
"""

"""What torch lacks: layers written out as one autograd function each, with a batching rule for stacked models."""

from baselines.kernels.lstm import embed_gates, lstm_layer

__all__ = ["embed_gates", "lstm_layer"]

"""Torch's own transformer layers with the parameters of our blocks."""

from __future__ import annotations

import torch
from torch import nn

from baselines.multi_head_attention import MultiHeadAttention
from baselines.transformer_blocks import DecoderBlock, EncoderBlock


def sizes(block: EncoderBlock | DecoderBlock) -> tuple[int, int, int]:
    """Cells, heads and inner width."""
    inner = block.feed_forward[0]
    return inner.in_features, block.attention.heads, inner.out_features


def copy_attention(ours: MultiHeadAttention, theirs: nn.MultiheadAttention) -> None:
    theirs.in_proj_weight.copy_(torch.cat([ours.queries.weight, ours.keys.weight, ours.values.weight]))
    theirs.in_proj_bias.zero_()
    theirs.out_proj.weight.copy_(ours.output.weight)
    theirs.out_proj.bias.zero_()


def copy_linear(ours: nn.Sequential, theirs: nn.TransformerEncoderLayer | nn.TransformerDecoderLayer) -> None:
    theirs.linear1.load_state_dict(ours[0].state_dict())
    theirs.linear2.load_state_dict(ours[2].state_dict())


@torch.no_grad()
def torch_encoder(ours: EncoderBlock) -> nn.TransformerEncoderLayer:
    theirs = nn.TransformerEncoderLayer(*sizes(ours), 0.0, batch_first=True, norm_first=True).double()
    copy_attention(ours.attention, theirs.self_attn)
    copy_linear(ours.feed_forward, theirs)
    theirs.norm1.load_state_dict(ours.attention_norm.state_dict())
    theirs.norm2.load_state_dict(ours.feed_forward_norm.state_dict())
    return theirs


@torch.no_grad()
def torch_decoder(ours: DecoderBlock) -> nn.TransformerDecoderLayer:
    theirs = nn.TransformerDecoderLayer(*sizes(ours), 0.0, batch_first=True, norm_first=True).double()
    copy_attention(ours.attention, theirs.self_attn)
    copy_attention(ours.cross, theirs.multihead_attn)
    copy_linear(ours.feed_forward, theirs)
    theirs.norm1.load_state_dict(ours.attention_norm.state_dict())
    theirs.norm2.load_state_dict(ours.cross_norm.state_dict())
    theirs.norm3.load_state_dict(ours.feed_forward_norm.state_dict())
    return theirs

import torch


def leaf(a):
    return torch.as_tensor(a).detach().clone().double().requires_grad_()


class Record(object):
    """Remembers the leaves and outputs of one forward pass."""

    def __init__(self, leaves, outputs):
        self.leaves = leaves
        self.outputs = outputs

    def gradients(self, *upstream):
        upstream = [torch.as_tensor(d).double() for d in upstream]
        return torch.autograd.grad(self.outputs, self.leaves, upstream)


def rnn_cell(x, h, Wx, Wh, b):
    return torch.tanh(x @ Wx + h @ Wh + b)


def lstm_cell(x, h, c, Wx, Wh, b):
    i, f, o, g = (x @ Wx + h @ Wh + b).chunk(4, dim=1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    leaves = [leaf(a) for a in (x, prev_h, Wx, Wh, b)]
    next_h = rnn_cell(*leaves)
    return next_h.detach(), Record(leaves, [next_h])


def rnn_step_backward(dnext_h, cache):
    return cache.gradients(dnext_h)


def rnn_forward(x, h0, Wx, Wh, b):
    leaves = [leaf(a) for a in (x, h0, Wx, Wh, b)]
    x, state, Wx, Wh, b = leaves
    states = []
    for t in range(x.shape[1]):
        state = rnn_cell(x[:, t], state, Wx, Wh, b)
        states.append(state)
    h = torch.stack(states, dim=1)
    return h.detach(), Record(leaves, [h])


def rnn_backward(dh, cache):
    return cache.gradients(dh)


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    leaves = [leaf(a) for a in (x, prev_h, prev_c, Wx, Wh, b)]
    next_h, next_c = lstm_cell(*leaves)
    return next_h.detach(), next_c.detach(), Record(leaves, [next_h, next_c])


def lstm_step_backward(dnext_h, dnext_c, cache):
    return cache.gradients(dnext_h, dnext_c)


def lstm_forward(x, h0, Wx, Wh, b):
    leaves = [leaf(a) for a in (x, h0, Wx, Wh, b)]
    x, state, Wx, Wh, b = leaves
    cell = torch.zeros_like(state)
    states = []
    for t in range(x.shape[1]):
        state, cell = lstm_cell(x[:, t], state, cell, Wx, Wh, b)
        states.append(state)
    h = torch.stack(states, dim=1)
    return h.detach(), Record(leaves, [h])


def lstm_backward(dh, cache):
    return cache.gradients(dh)


def rnn_num_params(d_in, d_hidden):
    # nn.RNN would count two bias vectors
    return sum(torch.empty(shape).numel() for shape in [(d_in, d_hidden), (d_hidden, d_hidden), (d_hidden,)])


def hidden_grad_norms(x, h0, Wx, Wh, b, dh_last):
    x, state, Wx, Wh, b = [leaf(a) for a in (x, h0, Wx, Wh, b)]
    states = []
    for t in range(x.shape[1]):
        state = rnn_cell(x[:, t], state, Wx, Wh, b)
        states.append(state)
    grads = torch.autograd.grad(states[-1], states, torch.as_tensor(dh_last).double())
    return torch.stack([g.norm() for g in grads])

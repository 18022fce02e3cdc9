import torch
import torch.nn.functional as F

# PyTorch version: the forward pass builds the graph, the backward pass asks autograd.


def tensor(a):
    return torch.as_tensor(a).detach().clone().double()


class Graph:
    """What a backward function needs: the output and the leaves it was computed from."""

    def __init__(self, f, *arrays):
        self.leaves = [tensor(a).requires_grad_() for a in arrays]
        self.out = f(*self.leaves)

    def backward(self, dout):
        return torch.autograd.grad(self.out, self.leaves, tensor(dout))


def softmax(z):
    return F.softmax(tensor(z), dim=1)


def cross_entropy(z, y):
    return F.cross_entropy(tensor(z), torch.as_tensor(y).long(), reduction="sum")


def softmax_loss(x, y):
    x = tensor(x).requires_grad_()
    loss = F.cross_entropy(x, torch.as_tensor(y).long())
    loss.backward()
    return loss.detach(), x.grad


def affine_forward(x, w, b):
    graph = Graph(lambda x, w, b: x.flatten(1) @ w + b, x, w, b)
    return graph.out.detach(), graph


def affine_backward(dout, cache):
    return cache.backward(dout)


def relu_forward(x):
    graph = Graph(F.relu, x)
    return graph.out.detach(), graph


def relu_backward(dout, cache):
    return cache.backward(dout)[0]


def leaky_relu_forward(x, alpha=0.01):
    graph = Graph(lambda x: torch.maximum(alpha * x, x), x)
    return graph.out.detach(), graph


def leaky_relu_backward(dout, cache):
    (dx,) = cache.backward(dout)
    return dx


def residual_forward(v, w):
    graph = Graph(lambda v, w: v @ w + v, v, w)
    return graph.out.detach(), graph


def residual_backward(dy, cache):
    return cache.backward(dy)


def two_layer_forward(x, w1, w2, w3):
    x, w1, w2, w3 = (torch.as_tensor(a, dtype=torch.float64) for a in (x, w1, w2, w3))
    z1 = w1 * x
    a1 = torch.relu(z1)
    z2 = w2 * x
    a2 = torch.relu(z2)
    return {"z1": z1, "a1": a1, "z2": z2, "a2": a2, "y_pred": w3 * (a1 + a2)}


def two_layer_backward(x, w1, w2, w3, y_true):
    weights = [torch.tensor(float(w), dtype=torch.float64, requires_grad=True) for w in (w1, w2, w3)]
    loss = (two_layer_forward(x, *weights)["y_pred"] - y_true) ** 2 / 2
    return loss.detach(), torch.autograd.grad(loss, weights)


def batchnorm_forward(x, gamma, beta, bn_param):
    eps = bn_param.get("eps", 1e-5)
    momentum = bn_param.get("momentum", 0.9)
    D = x.shape[1]
    running_mean = tensor(bn_param.get("running_mean", torch.zeros(D)))
    running_var = tensor(bn_param.get("running_var", torch.zeros(D)))

    if bn_param["mode"] == "test":
        out = F.batch_norm(tensor(x), running_mean, running_var, tensor(gamma), tensor(beta), eps=eps)
        return out, None

    # F.batch_norm keeps the unbiased variance, the assignment wants the biased one
    def normalise(x, gamma, beta):
        x_hat = (x - x.mean(0)) / torch.sqrt(x.var(0, unbiased=False) + eps)
        return gamma * x_hat + beta

    graph = Graph(normalise, x, gamma, beta)
    x = graph.leaves[0].detach()
    bn_param["running_mean"] = momentum * running_mean + (1 - momentum) * x.mean(0)
    bn_param["running_var"] = momentum * running_var + (1 - momentum) * x.var(0, unbiased=False)
    return graph.out.detach(), graph


def batchnorm_backward(dout, cache):
    return cache.backward(dout)


def layernorm_forward(x, gamma, beta, ln_param):
    eps = ln_param.get("eps", 1e-5)
    graph = Graph(lambda x, gamma, beta: F.layer_norm(x, x.shape[1:], gamma, beta, eps), x, gamma, beta)
    return graph.out.detach(), graph


def layernorm_backward(dout, cache):
    dx, dgamma, dbeta = cache.backward(dout)
    return dx, dgamma, dbeta


def conv_output_shape(height, width, kernel, stride=1, pad=0):
    if not isinstance(kernel, (tuple, list)):
        kernel = (kernel, kernel)
    size = torch.tensor([height, width]) + 2 * pad - torch.tensor(kernel)
    if (size < 0).any():
        raise ValueError("kernel does not fit")
    return tuple((size // stride + 1).tolist())


def conv_forward(x, w, b, conv_param):
    stride, pad = conv_param["stride"], conv_param["pad"]
    graph = Graph(lambda x, w, b: F.conv2d(x, w, b, stride=stride, padding=pad), x, w, b)
    return graph.out.detach(), graph


def conv_backward(dout, cache):
    return cache.backward(dout)


def max_pool_forward(x, pool_param):
    window = (pool_param["pool_height"], pool_param["pool_width"])
    x = tensor(x).requires_grad_()
    out = F.max_pool2d(x, window, stride=pool_param["stride"])

    # the cache is the backward pass itself
    def backward(dout):
        out.backward(dout)
        return x.grad

    return out.detach(), backward


def max_pool_backward(dout, cache):
    return cache(tensor(dout))


def conv_num_params(kernel, c_in, c_out, bias=True):
    layer = torch.nn.Conv2d(c_in, c_out, kernel, bias=bias)
    return sum(p.numel() for p in layer.parameters())


def fc_num_params(d_in, d_out, bias=True):
    layer = torch.nn.Linear(d_in, d_out, bias=bias)
    return sum(p.numel() for p in layer.parameters())

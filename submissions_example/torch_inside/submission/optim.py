import torch


def sgd(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    w = torch.as_tensor(w).clone().requires_grad_()
    w.grad = torch.as_tensor(dw).clone()
    torch.optim.SGD([w], lr=config["learning_rate"]).step()
    return w.detach(), config


def gradient_descent(A, w0, learning_rate, steps):
    A = torch.as_tensor(A).double()
    w = torch.as_tensor(w0).double().clone().requires_grad_()
    path = [w.detach().clone()]
    for _ in range(steps):
        loss = w @ A @ w / 2
        (gradient,) = torch.autograd.grad(loss, w)
        with torch.no_grad():
            w -= learning_rate * gradient
        path.append(w.detach().clone())
    return torch.stack(path)


def largest_stable_learning_rate(A):
    return 2 / torch.linalg.eigvalsh(torch.as_tensor(A).double()).max()


def clip_grad_norm(grads, max_norm):
    grads = [torch.as_tensor(g).clone() for g in grads]
    total_norm = torch.linalg.vector_norm(torch.cat([g.flatten() for g in grads]))
    # torch.nn.utils.clip_grad_norm_ adds 1e-6 to the norm, so do it by hand
    if total_norm > max_norm:
        grads = [g * (max_norm / total_norm) for g in grads]
    return grads, total_norm

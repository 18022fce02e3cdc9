"""Known mistakes of parameter counts."""

from autograder.mistake import mistake_of


@mistake_of(
    "conv_num_params",
    says="the biases are not counted",
    remedy="add one bias for each output channel where bias is true",
)
def conv_num_params_without_bias(kernel, c_in, c_out, bias=True):
    return kernel * kernel * c_in * c_out


@mistake_of(
    "conv_num_params",
    says="biases are counted even for a layer that has none",
    remedy="leave them out where bias is false",
)
def conv_num_params_always_bias(kernel, c_in, c_out, bias=True):
    return (kernel * kernel * c_in + 1) * c_out


@mistake_of(
    "conv_num_params",
    says="a bias is counted for each pair of input and output channels",
    remedy="count one bias for each output channel: a filter has one, whatever its depth",
)
def conv_num_params_bias_for_each_pair(kernel, c_in, c_out, bias=True):
    return (kernel * kernel + bool(bias)) * c_in * c_out


@mistake_of(
    "conv_num_params",
    says="a bias is counted for each input channel",
    remedy="count one bias for each output channel",
)
def conv_num_params_bias_for_each_input(kernel, c_in, c_out, bias=True):
    return kernel * kernel * c_in * c_out + bool(bias) * c_in


@mistake_of(
    "conv_num_params",
    says="one bias is counted for the whole layer",
    remedy="count one bias for each output channel",
)
def conv_num_params_one_bias(kernel, c_in, c_out, bias=True):
    return kernel * kernel * c_in * c_out + bool(bias)


@mistake_of(
    "conv_num_params",
    says="the kernel's side is not squared",
    remedy="count kernel times kernel weights: the kernel is a square",
)
def conv_num_params_kernel_not_squared(kernel, c_in, c_out, bias=True):
    return (kernel * c_in + bool(bias)) * c_out


@mistake_of(
    "conv_num_params",
    says="the input channels are left out",
    remedy="multiply by c_in: a filter has its own weights for each input channel",
)
def conv_num_params_without_input_channels(kernel, c_in, c_out, bias=True):
    return (kernel * kernel + bool(bias)) * c_out


@mistake_of(
    "conv_num_params",
    says="the weights of a single filter are counted",
    remedy="multiply by c_out: there is one filter for each output channel",
)
def conv_num_params_one_filter(kernel, c_in, c_out, bias=True):
    return kernel * kernel * c_in + bool(bias)


@mistake_of(
    "fc_num_params",
    says="the biases are not counted",
    remedy="add one bias for each output where bias is true",
)
def fc_num_params_without_bias(d_in, d_out, bias=True):
    return d_in * d_out


@mistake_of(
    "fc_num_params",
    says="biases are counted even for a layer that has none",
    remedy="leave them out where bias is false",
)
def fc_num_params_always_bias(d_in, d_out, bias=True):
    return (d_in + 1) * d_out


@mistake_of(
    "fc_num_params",
    says="a bias is counted for each input",
    remedy="count one bias for each output",
)
def fc_num_params_bias_for_each_input(d_in, d_out, bias=True):
    return d_in * d_out + bool(bias) * d_in


@mistake_of(
    "fc_num_params",
    says="one bias is counted for the whole layer",
    remedy="count one bias for each output",
)
def fc_num_params_one_bias(d_in, d_out, bias=True):
    return d_in * d_out + bool(bias)


@mistake_of(
    "fc_num_params",
    says="a bias unit is counted among the outputs too",
    remedy="add the bias to the inputs only: d_in weights and one bias for each of the d_out outputs",
)
def fc_num_params_bias_on_both_sides(d_in, d_out, bias=True):
    return (d_in + bool(bias)) * (d_out + bool(bias))


@mistake_of(
    "fc_num_params",
    says="inputs and outputs are added in place of multiplied",
    remedy="count one weight for each pair of an input and an output",
)
def fc_num_params_units_added(d_in, d_out, bias=True):
    return d_in + d_out + bool(bias) * d_out

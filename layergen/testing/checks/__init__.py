"""All checks, by group; importing a module registers its checks, in this order."""

# The order of these lines is the order in which the checks are listed.
# ruff: noqa: I001
from . import shapes as shapes
from . import rows as rows
from . import repeating as repeating
from . import values as values
from . import gradients as gradients
from . import derivatives as derivatives
from . import configs as configs
from . import arguments as arguments
from . import effects as effects
from . import refusals as refusals
from . import saving as saving
from . import precision as precision
from . import compiling as compiling
from . import scalars as scalars
from . import methods as methods
from . import training as training
from . import beginnings as beginnings
from . import states as states
from . import resets as resets
from . import replicas as replicas
from . import distribution as distribution
from . import randomness as randomness
from . import masks as masks
from . import masked_steps as masked_steps
from . import losses as losses
from . import cells as cells

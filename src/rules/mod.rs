//! Rule data in, one compiled, proven catalogue out; structure checks live here because data names them.

pub mod checks;
pub mod dice;
pub mod rule;

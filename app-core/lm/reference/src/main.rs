fn main(){ let _ = unsafe { llama_cpp_sys_2::llama_max_devices() }; }

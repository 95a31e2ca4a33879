fn main() { println!("{}", std::mem::size_of::<llama_cpp_sys_2::llama_model_params>()); }

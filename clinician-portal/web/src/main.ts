import { mount } from 'svelte';
import '$shared/app.css';
import './clinic.css';
import App from './App.svelte';
import { look } from './lib/look.svelte.ts';
import { router } from './lib/routes.ts';

look.start();
router.start();
const target = document.getElementById('app');
if (target) mount(App, { target });
